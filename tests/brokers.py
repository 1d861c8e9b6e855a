"""A broker beside the one of a stack: one of several, on settings of its own."""

import subprocess
from pathlib import Path

from deploy.local.fast_start import fetch_servers
from deploy.local.servers import LOG4J, Command, java

HEAP = ("-Xms160m", "-Xmx320m", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20")


def formatted(home: Path, cluster: str, settings: str) -> Command:
    """Return how a broker is started whose new folder is formatted for a cluster; it is called as the folder is."""
    home.mkdir(parents=True)
    file = home / "server.properties"
    file.write_text(settings, encoding="ascii")
    on_class_path = ["-cp", f"{fetch_servers().kafka}/*", f"-Dlog4j2.configurationFile={LOG4J}"]
    tool = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(file)]
    subprocess.run([java(), *on_class_path, *tool], check=True, capture_output=True)
    return Command(home.name, [java(), *HEAP, *on_class_path, "kafka.Kafka", str(file)])
