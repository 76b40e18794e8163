import type { Words } from "../catalogue";
import type { exceptions as english } from "../en/exceptions";

export const exceptions: Words<typeof english> = {
  "exception.address_not_found": "Adresse nicht gefunden",
  "exception.consignee_absent": "Niemand da",
  "exception.closed": "Geschlossen",
  "exception.refused": "Annahme verweigert",
  "exception.damaged": "Beschädigt",
  "exception.incomplete": "Nicht vollständig",
  "exception.wrong_goods": "Falsche Ware",
  "exception.not_ready": "Nicht bereit",
  "exception.not_as_booked": "Nicht wie gebucht",
  "exception.not_paid": "Nicht bezahlt",
  "exception.documents_missing": "Papiere fehlen",
  "exception.rescheduled": "Anderer Tag vereinbart",
  "exception.access_blocked": "Kein Zugang",
  "exception.out_of_time": "Zeit reicht nicht",
  "exception.vehicle_breakdown": "Fahrzeug defekt",
  "exception.accident": "Unfall",
  "exception.theft": "Diebstahl",
  "exception.traffic": "Verkehr",
  "exception.weather": "Wetter",
  "exception.tour_cancelled": "Fahrt abgesagt",
  "exception.other": "Etwas anderes",
};
