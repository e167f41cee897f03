"Tests run offline, as chapters do."
from wsss_nb.core.nbtest import no_network

no_network()
