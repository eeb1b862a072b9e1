import java.io.File;
import java.util.List;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;

/** Loads an ontology with the OWL API as Protégé and ROBOT do, and prints what it is and what is outside of OWL 2 DL. */
public class Profile {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            OWLOntology ontology = OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(new File(file));
            List<OWLProfileViolation> outside = new OWL2DLProfile().checkOntology(ontology).getViolations();
            System.out.println(ontology.getOntologyID().getVersionIRI().get());
            System.out.println("classes " + ontology.classesInSignature().count());
            System.out.println("individuals " + ontology.individualsInSignature().count());
            System.out.println("annotated " + ontology.axioms().filter(axiom -> axiom.isAnnotated()).count());
            System.out.println("outside of OWL 2 DL " + outside.size());
            outside.stream().limit(3).forEach(System.err::println);
        }
    }
}
