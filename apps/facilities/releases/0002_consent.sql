-- from 47f68238b61b to 6deac0f58de4
-- abdm.0002_consent
--
-- Create model ConsentArtefact
--
CREATE TABLE "abdm_consentartefact" ("id" uuid NOT NULL PRIMARY KEY, "side" varchar(3) NOT NULL, "artefact_id" uuid NULL, "request_id" uuid NULL, "status" varchar(8) NOT NULL, "references" jsonb NOT NULL, "hi_types" jsonb NOT NULL, "date_from" timestamp with time zone NULL, "date_to" timestamp with time zone NULL, "erase_at" timestamp with time zone NULL, "purpose" varchar(20) NOT NULL, "requester" varchar(120) NOT NULL, "hiu_id" varchar(60) NOT NULL, "hiu_name" varchar(120) NOT NULL, "error_code" varchar(12) NOT NULL, "received_at" timestamp with time zone NOT NULL, "ended_at" timestamp with time zone NULL, "asked_by_id" uuid NULL, "patient_id" uuid NULL);
--
-- Create model HealthInformationTransfer
--
CREATE TABLE "abdm_healthinformationtransfer" ("id" uuid NOT NULL PRIMARY KEY, "side" varchar(3) NOT NULL, "transaction_id" uuid NULL, "status" varchar(12) NOT NULL, "date_from" timestamp with time zone NULL, "date_to" timestamp with time zone NULL, "push_host" varchar(120) NOT NULL, "sealed" text NOT NULL, "entries" jsonb NOT NULL, "sent" smallint NOT NULL CHECK ("sent" >= 0), "failed" smallint NOT NULL CHECK ("failed" >= 0), "error_code" varchar(12) NOT NULL, "next_attempt_at" timestamp with time zone NOT NULL, "asked_at" timestamp with time zone NOT NULL, "done_at" timestamp with time zone NULL, "consent_id" uuid NOT NULL);
--
-- Create index consent_in_force on field(s) erase_at of model consentartefact
--
CREATE INDEX "consent_in_force" ON "abdm_consentartefact" ("erase_at") WHERE "status" = 'granted';
--
-- Create constraint consent_artefact on model consentartefact
--
ALTER TABLE "abdm_consentartefact" ADD CONSTRAINT "consent_artefact" UNIQUE ("artefact_id", "side");
--
-- Create index transfer_open on field(s) next_attempt_at of model healthinformationtransfer
--
CREATE INDEX "transfer_open" ON "abdm_healthinformationtransfer" ("next_attempt_at") WHERE "status" IN ('asked', 'acknowledged', 'sending');
--
-- Create constraint transfer_transaction on model healthinformationtransfer
--
ALTER TABLE "abdm_healthinformationtransfer" ADD CONSTRAINT "transfer_transaction" UNIQUE ("transaction_id", "side");
ALTER TABLE "abdm_consentartefact" ADD CONSTRAINT "abdm_consentartefact_patient_id_7f85fa84_fk_patients_patient_id" FOREIGN KEY ("patient_id") REFERENCES "patients_patient" ("id");
CREATE INDEX "abdm_consentartefact_patient_id_7f85fa84" ON "abdm_consentartefact" ("patient_id");
ALTER TABLE "abdm_healthinformationtransfer" ADD CONSTRAINT "abdm_healthinformati_consent_id_8faf3e10_fk_abdm_cons" FOREIGN KEY ("consent_id") REFERENCES "abdm_consentartefact" ("id");
CREATE INDEX "abdm_healthinformationtransfer_consent_id_8faf3e10" ON "abdm_healthinformationtransfer" ("consent_id");
