import java.io.FileInputStream;
import java.io.InputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Holds each PDF against PDF/UA-1 with veraPDF; prints what fails and ends with the number of files that do. */
public class CheckPdf {
  public static void main(String[] names) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    int failed = 0;
    for (String name : names) {
      ValidationResult result = checked(name);
      result.getTestAssertions().stream()
          .filter(one -> one.getStatus() == TestAssertion.Status.FAILED)
          .forEach(one -> System.out.println(name + ": " + one.getRuleId() + " " + one.getMessage()));
      failed += result.isCompliant() ? 0 : 1;
    }
    System.exit(failed);
  }

  private static ValidationResult checked(String name) throws Exception {
    try (InputStream in = new FileInputStream(name);
        PDFAParser parser = Foundries.defaultInstance().createParser(in, PDFAFlavour.PDFUA_1)) {
      return Foundries.defaultInstance().createValidator(PDFAFlavour.PDFUA_1, false).validate(parser);
    }
  }
}
