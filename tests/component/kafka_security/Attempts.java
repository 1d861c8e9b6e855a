import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Tries on a broker what it is told to, with Apache Kafka's own clients, and says how each attempt ended.
 *
 * java Attempts.java BOOTSTRAP TLS_FOLDER < batches of lines "who TAB what TAB on which", each ended by an empty line
 *                                         > the same batches with the outcome of each line behind it: "ok" and what was
 *                                           seen, or the simple name of the exception
 *
 * `who` names the PEM files of an identity; "nobody" has none, and "plaintext" does not even speak TLS.
 */
@SuppressWarnings("unchecked")
public class Attempts {
    static final Duration SHOWN_WITHIN = Duration.ofSeconds(10);
    static final int ANSWERED_WITHIN_MS = 10_000;
    static final int KNOCKED_FOR_MS = 3000;

    record Attempt(String who, String what, String which) {}

    public static void main(String[] arguments) throws Exception {
        var pool = Executors.newFixedThreadPool(6);
        Map<String, Identity> known = new HashMap<>();
        var lines = new BufferedReader(new InputStreamReader(System.in));
        for (var batch = next(lines); !batch.isEmpty(); batch = next(lines)) {
            List<Future<String>> told = new ArrayList<>();
            batch.forEach((who, attempts) -> {
                Identity identity = known.computeIfAbsent(who, name -> new Identity(arguments[0], arguments[1], name));
                told.add(pool.submit(() -> all(identity, attempts)));
            });
            for (Future<String> each : told) {
                System.out.print(each.get());
            }
            System.out.println();
            System.out.flush();
        }
        // Clients that never came through still knock: nobody waits for them.
        Runtime.getRuntime().halt(0);
    }

    /** Returns the attempts up to the next empty line, by who makes them; none when there is nothing more to try. */
    static Map<String, List<Attempt>> next(BufferedReader lines) throws IOException {
        Map<String, List<Attempt>> found = new LinkedHashMap<>();
        for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
            String[] parts = line.split("\t", -1);
            found.computeIfAbsent(parts[0], who -> new ArrayList<>()).add(new Attempt(parts[0], parts[1], parts[2]));
        }
        return found;
    }

    static String all(Identity identity, List<Attempt> attempts) {
        StringBuilder said = new StringBuilder();
        for (Attempt one : attempts) {
            said.append(String.join("\t", one.who(), one.what(), one.which(), outcome(identity, one))).append('\n');
        }
        return said.toString();
    }

    static String outcome(Identity identity, Attempt one) {
        try {
            return "ok " + identity.attempt(one.what(), one.which());
        } catch (Throwable error) {
            Throwable cause = error;
            while (cause.getCause() != null && !cause.getClass().getName().startsWith("org.apache.kafka.common.errors")) {
                cause = cause.getCause();
            }
            return cause.getClass().getSimpleName();
        }
    }

    /** One identity with the clients that it needs. */
    static class Identity {
        private final Properties base = new Properties();
        private final Map<String, Object> clients = new HashMap<>();

        Identity(String bootstrap, String folder, String who) {
            base.put("bootstrap.servers", bootstrap);
            base.put("default.api.timeout.ms", ANSWERED_WITHIN_MS);
            base.put("request.timeout.ms", ANSWERED_WITHIN_MS - 1000);
            base.put("retry.backoff.ms", 20);
            base.put("retry.backoff.max.ms", 50);
            base.put("max.block.ms", ANSWERED_WITHIN_MS);
            base.put("delivery.timeout.ms", ANSWERED_WITHIN_MS);
            // Without idempotence a producer asks for less: what is refused now is refused in any case.
            base.put("enable.idempotence", "false");
            if (who.equals("plaintext")) {
                return;
            }
            base.put("security.protocol", "SSL");
            base.put("ssl.truststore.type", "PEM");
            base.put("ssl.truststore.location", Path.of(folder, "ca.crt").toString());
            if (!who.equals("nobody")) {
                base.put("ssl.keystore.type", "PEM");
                base.put("ssl.keystore.location", Path.of(folder, who + ".pem").toString());
            }
        }

        String attempt(String what, String which) throws Exception {
            return switch (what) {
                case "read" -> read(which);
                case "end" -> end(which);
                case "length" -> consumer("").endOffsets(Set.of(new TopicPartition(which, 0))).values().toString();
                case "write" -> write(which);
                case "position" -> position(which);
                case "commit" -> commit(which);
                case "join" -> join(which);
                case "knock" -> admin().listTopics(new ListTopicsOptions().timeoutMs(KNOCKED_FOR_MS)).names().get() + "";
                case "topics" -> new TreeSet<>(admin().listTopics().names().get()).toString();
                case "groups" -> admin().listGroups().all().get().stream().map(one -> one.groupId()).sorted().toList().toString();
                case "group" -> admin().describeConsumerGroups(List.of(which)).all().get().keySet().toString();
                case "topic" -> admin().describeTopics(List.of(which)).allTopicNames().get().keySet().toString();
                case "rights" -> admin().describeAcls(AclBindingFilter.ANY).values().get().toString();
                case "create" -> admin().createTopics(List.of(new NewTopic(which, 1, (short) 1))).all().get() + "";
                case "delete" -> admin().deleteTopics(List.of(which)).all().get() + "";
                case "empty" -> admin().deleteRecords(
                    Map.of(new TopicPartition(which, 0), RecordsToDelete.beforeOffset(-1))).all().get() + "";
                default -> throw new IllegalArgumentException(what);
            };
        }

        /** Returns what stands first in a topic's first partition. */
        String read(String topic) {
            KafkaConsumer<String, String> consumer = consumer("");
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
            return one(consumer).value();
        }

        /** Returns the id of the last event in a topic's first partition. */
        String end(String topic) {
            KafkaConsumer<String, String> consumer = consumer("");
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seek(partition, consumer.endOffsets(Set.of(partition)).get(partition) - 1);
            return new String(one(consumer).headers().lastHeader("ce_id").value());
        }

        /** Returns the same as a member of a group. */
        String join(String groupAndTopic) {
            String[] parts = groupAndTopic.split(" ");
            KafkaConsumer<String, String> consumer = consumer(parts[0]);
            consumer.subscribe(List.of(parts[1]));
            try {
                return one(consumer).value();
            } finally {
                consumer.unsubscribe();
            }
        }

        private ConsumerRecord<String, String> one(KafkaConsumer<String, String> consumer) {
            long ends = System.nanoTime() + SHOWN_WITHIN.toNanos();
            while (System.nanoTime() < ends) {
                ConsumerRecords<String, String> found = consumer.poll(Duration.ofMillis(50));
                if (!found.isEmpty()) {
                    return found.iterator().next();
                }
            }
            throw new NoSuchElementException("nothing came");
        }

        String write(String topic) throws Exception {
            KafkaProducer<String, String> producer = (KafkaProducer<String, String>) clients.computeIfAbsent(
                "producer", name -> new KafkaProducer<>(base, new StringSerializer(), new StringSerializer()));
            producer.send(new ProducerRecord<>(topic, 0, "key", "{}")).get();
            return "";
        }

        /** Returns where a group stands. */
        String position(String group) throws Exception {
            return admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().keySet().toString();
        }

        /** Says where a group stands: at the beginning of a topic. */
        String commit(String groupAndTopic) throws Exception {
            String[] parts = groupAndTopic.split(" ");
            var beginning = Map.of(new TopicPartition(parts[1], 0), new OffsetAndMetadata(0));
            return admin().alterConsumerGroupOffsets(parts[0], beginning).all().get() + "";
        }

        private KafkaConsumer<String, String> consumer(String group) {
            return (KafkaConsumer<String, String>) clients.computeIfAbsent("consumer " + group, name -> {
                Properties own = new Properties();
                own.putAll(base);
                own.put("auto.offset.reset", "earliest");
                own.put("enable.auto.commit", "false");
                if (!group.isEmpty()) {
                    own.put("group.id", group);
                }
                return new KafkaConsumer<>(own, new StringDeserializer(), new StringDeserializer());
            });
        }

        private Admin admin() {
            return (Admin) clients.computeIfAbsent("admin", name -> Admin.create(base));
        }
    }
}
