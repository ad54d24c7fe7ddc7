-- from 20c1f406fc12 to 47f68238b61b
-- patients.0002_outpatient_day
--
-- Add field mother to patient
--
ALTER TABLE "patients_patient" ADD COLUMN "mother_id" uuid NULL CONSTRAINT "patients_patient_mother_id_b904e6b7_fk_patients_patient_id" REFERENCES "patients_patient"("id");
--
-- Add field panchayat to patient
--
ALTER TABLE "patients_patient" ADD COLUMN "panchayat" varchar(80) DEFAULT '' NOT NULL;
--
-- Add field unknown to patient
--
ALTER TABLE "patients_patient" ADD COLUMN "unknown" boolean DEFAULT false NOT NULL;
--
-- Add field village_code to patient
--
ALTER TABLE "patients_patient" ADD COLUMN "village_code" varchar(12) DEFAULT '' NOT NULL;
--
-- Create index patient_sound on field(s) search_key of model patient
--
CREATE INDEX "patient_sound" ON "patients_patient" USING gin ("search_key" public.gin_trgm_ops);
-- encounters.0002_outpatient_day
--
-- Add field early_warning to encounter
--
ALTER TABLE "encounters_encounter" ADD COLUMN "early_warning" smallint NULL CHECK ("early_warning" >= 0);
--
-- Add field fee_exempt to encounter
--
ALTER TABLE "encounters_encounter" ADD COLUMN "fee_exempt" varchar(20) DEFAULT '' NOT NULL;
--
-- Add field fee_rupees to encounter
--
ALTER TABLE "encounters_encounter" ADD COLUMN "fee_rupees" smallint NULL CHECK ("fee_rupees" >= 0);
--
-- Add field follow_up to encounter
--
ALTER TABLE "encounters_encounter" ADD COLUMN "follow_up" date NULL;
--
-- Add field typed_at to encounter
--
ALTER TABLE "encounters_encounter" ADD COLUMN "typed_at" timestamp with time zone NULL;
--
-- Add field for_room to queuetoken
--
ALTER TABLE "encounters_queuetoken" ADD COLUMN "for_room" varchar(10) DEFAULT '' NOT NULL;
--
-- Add field held_until to queuetoken
--
ALTER TABLE "encounters_queuetoken" ADD COLUMN "held_until" timestamp with time zone NULL;
--
-- Add field moved_to to queuetoken
--
ALTER TABLE "encounters_queuetoken" ADD COLUMN "moved_to" varchar(20) DEFAULT '' NOT NULL;
--
-- Add field returning to queuetoken
--
ALTER TABLE "encounters_queuetoken" ADD COLUMN "returning" varchar(10) DEFAULT '' NOT NULL;
--
-- Alter field status on queuetoken
--
-- (no-op)
--
-- Create index encounter_follow_up on field(s) follow_up of model encounter
--
CREATE INDEX "encounter_follow_up" ON "encounters_encounter" ("follow_up") WHERE "follow_up" IS NOT NULL;
-- abdm.0001_initial
--
-- Create model CareContext
--
CREATE TABLE "abdm_carecontext" ("id" uuid NOT NULL PRIMARY KEY, "reference" varchar(40) NOT NULL, "abha_address" varchar(80) NOT NULL, "status" varchar(10) NOT NULL, "via" varchar(4) NOT NULL, "hi_types" jsonb NOT NULL, "told" jsonb NOT NULL, "kyc" boolean NOT NULL, "error_code" varchar(12) NOT NULL, "error" varchar(160) NOT NULL, "sent_at" timestamp with time zone NULL, "linked_at" timestamp with time zone NULL, "notified_at" timestamp with time zone NULL, "created_at" timestamp with time zone NOT NULL, "encounter_id" uuid NOT NULL UNIQUE, "patient_id" uuid NOT NULL);
ALTER TABLE "abdm_carecontext" ADD CONSTRAINT "abdm_carecontext_encounter_id_8ea02250_fk_encounter" FOREIGN KEY ("encounter_id") REFERENCES "encounters_encounter" ("id");
ALTER TABLE "abdm_carecontext" ADD CONSTRAINT "abdm_carecontext_patient_id_e4225edf_fk_patients_patient_id" FOREIGN KEY ("patient_id") REFERENCES "patients_patient" ("id");
CREATE INDEX "abdm_carecontext_patient_id_e4225edf" ON "abdm_carecontext" ("patient_id");
CREATE INDEX "carecontext_open" ON "abdm_carecontext" ("created_at") WHERE "status" IN ('draft', 'waiting', 'sent', 'hold');
-- documents.0002_outpatient_day
--
-- Add field form to documentreference
--
ALTER TABLE "documents_documentreference" ADD COLUMN "form" varchar(30) DEFAULT '' NOT NULL;
-- labs.0002_outpatient_day
--
-- Add field category to servicerequest
--
ALTER TABLE "labs_servicerequest" ADD COLUMN "category" varchar(12) DEFAULT 'laboratory' NOT NULL;
--
-- Add field detail to servicerequest
--
ALTER TABLE "labs_servicerequest" ADD COLUMN "detail" jsonb DEFAULT '{}'::jsonb NOT NULL;
--
-- Add field performer to servicerequest
--
ALTER TABLE "labs_servicerequest" ADD COLUMN "performer" varchar(20) DEFAULT '' NOT NULL;
--
-- Add field priority to servicerequest
--
ALTER TABLE "labs_servicerequest" ADD COLUMN "priority" varchar(8) DEFAULT 'routine' NOT NULL;
--
-- Add field revoke_reason to servicerequest
--
ALTER TABLE "labs_servicerequest" ADD COLUMN "revoke_reason" varchar(100) DEFAULT '' NOT NULL;
--
-- Create model AnalyserMessage
--
CREATE TABLE "labs_analysermessage" ("id" uuid NOT NULL PRIMARY KEY, "analyser" varchar(40) NOT NULL, "digest" varchar(64) NOT NULL, "body" text NOT NULL, "status" varchar(10) NOT NULL, "reason" varchar(100) NOT NULL, "accession" varchar(20) NOT NULL, "received_at" timestamp with time zone NOT NULL, CONSTRAINT "analyser_digest" UNIQUE ("analyser", "digest"));
--
-- Create model DiagnosticReport
--
CREATE TABLE "labs_diagnosticreport" ("id" uuid NOT NULL PRIMARY KEY, "status" varchar(16) NOT NULL, "results" jsonb NOT NULL, "conclusion" varchar(1000) NOT NULL, "version" integer NOT NULL CHECK ("version" >= 0), "source" varchar(40) NOT NULL, "entered_at" timestamp with time zone NOT NULL, "verified_at" timestamp with time zone NULL, "document_id" uuid NULL, "critical" jsonb NOT NULL, "entered_by_id" uuid NULL, "patient_id" uuid NOT NULL, "replaces_id" uuid NULL, "request_id" uuid NOT NULL, "verified_by_id" uuid NULL);
--
-- Create model Specimen
--
CREATE TABLE "labs_specimen" ("id" uuid NOT NULL PRIMARY KEY, "accession" varchar(20) NOT NULL, "kind" varchar(40) NOT NULL, "container" varchar(40) NOT NULL, "status" varchar(16) NOT NULL, "reject_reason" varchar(100) NOT NULL, "collected_at" timestamp with time zone NOT NULL, "collected_by_id" uuid NULL, "encounter_id" uuid NOT NULL);
--
-- Add field specimen to servicerequest
--
ALTER TABLE "labs_servicerequest" ADD COLUMN "specimen_id" uuid NULL CONSTRAINT "labs_servicerequest_specimen_id_44212fa6_fk_labs_specimen_id" REFERENCES "labs_specimen"("id");
--
-- Create index request_open on field(s) ordered_at of model servicerequest
--
CREATE INDEX "request_open" ON "labs_servicerequest" ("ordered_at") WHERE "status" = 'active';
--
-- Create index report_patient on field(s) patient, -entered_at of model diagnosticreport
--
CREATE INDEX "report_patient" ON "labs_diagnosticreport" ("patient_id", "entered_at" DESC);
--
-- Create index report_to_verify on field(s) entered_at of model diagnosticreport
--
CREATE INDEX "report_to_verify" ON "labs_diagnosticreport" ("entered_at") WHERE "status" = 'preliminary';
--
-- Create constraint specimen_accession on model specimen
--
ALTER TABLE "labs_specimen" ADD CONSTRAINT "specimen_accession" UNIQUE ("accession");
CREATE INDEX "analyser_open" ON "labs_analysermessage" ("received_at") WHERE "status" IN ('waiting', 'parked');
ALTER TABLE "labs_diagnosticreport" ADD CONSTRAINT "labs_diagnosticrepor_patient_id_5f65dc97_fk_patients_" FOREIGN KEY ("patient_id") REFERENCES "patients_patient" ("id");
ALTER TABLE "labs_diagnosticreport" ADD CONSTRAINT "labs_diagnosticrepor_replaces_id_9b740c39_fk_labs_diag" FOREIGN KEY ("replaces_id") REFERENCES "labs_diagnosticreport" ("id");
ALTER TABLE "labs_diagnosticreport" ADD CONSTRAINT "labs_diagnosticrepor_request_id_0f46dc53_fk_labs_serv" FOREIGN KEY ("request_id") REFERENCES "labs_servicerequest" ("id");
CREATE INDEX "labs_diagnosticreport_request_id_0f46dc53" ON "labs_diagnosticreport" ("request_id");
ALTER TABLE "labs_specimen" ADD CONSTRAINT "labs_specimen_encounter_id_da431e3d_fk_encounters_encounter_id" FOREIGN KEY ("encounter_id") REFERENCES "encounters_encounter" ("id");
CREATE INDEX "labs_specimen_encounter_id_da431e3d" ON "labs_specimen" ("encounter_id");
CREATE INDEX "labs_servicerequest_specimen_id_44212fa6" ON "labs_servicerequest" ("specimen_id");
-- prescriptions.0002_outpatient_day
--
-- Add field closed to medicationrequest
--
ALTER TABLE "prescriptions_medicationrequest" ADD COLUMN "closed" varchar(16) DEFAULT '' NOT NULL;
--
-- Add field unavailable to medicationrequest
--
ALTER TABLE "prescriptions_medicationrequest" ADD COLUMN "unavailable" numeric(9, 2) DEFAULT 0 NOT NULL;
-- pharmacy.0002_outpatient_day
--
-- Create model MedicationDispense
--
CREATE TABLE "pharmacy_medicationdispense" ("id" uuid NOT NULL PRIMARY KEY, "quantity" numeric(9, 2) NOT NULL, "returned" numeric(9, 2) DEFAULT 0 NOT NULL, "substitution" varchar(120) DEFAULT '' NOT NULL, "at" timestamp with time zone NOT NULL);
--
-- Add field blocked to stockbatch
--
ALTER TABLE "pharmacy_stockbatch" ADD COLUMN "blocked" varchar(16) DEFAULT '' NOT NULL;
--
-- Add field gtin to stockbatch
--
ALTER TABLE "pharmacy_stockbatch" ADD COLUMN "gtin" varchar(14) DEFAULT '' NOT NULL;
--
-- Add field by to stockmovement
--
ALTER TABLE "pharmacy_stockmovement" ADD COLUMN "by_id" uuid NULL;
--
-- Alter field kind on stockmovement
--
-- (no-op)
--
-- Create index movement_at on field(s) at of model stockmovement
--
CREATE INDEX "movement_at" ON "pharmacy_stockmovement" ("at");
--
-- Add field batch to medicationdispense
--
ALTER TABLE "pharmacy_medicationdispense" ADD COLUMN "batch_id" uuid NOT NULL CONSTRAINT "pharmacy_medicationd_batch_id_4c355322_fk_pharmacy_" REFERENCES "pharmacy_stockbatch"("id");
--
-- Add field by to medicationdispense
--
ALTER TABLE "pharmacy_medicationdispense" ADD COLUMN "by_id" uuid NULL;
--
-- Add field medication_request to medicationdispense
--
ALTER TABLE "pharmacy_medicationdispense" ADD COLUMN "medication_request_id" uuid NOT NULL CONSTRAINT "pharmacy_medicationd_medication_request_i_b034e38c_fk_prescript" REFERENCES "prescriptions_medicationrequest"("id");
--
-- Create index dispense_at on field(s) at of model medicationdispense
--
CREATE INDEX "dispense_at" ON "pharmacy_medicationdispense" ("at");
--
-- Create constraint dispense_quantity on model medicationdispense
--
ALTER TABLE "pharmacy_medicationdispense" ADD CONSTRAINT "dispense_quantity" CHECK (("quantity" > 0 AND "returned" >= 0 AND "returned" <= ("quantity")));
CREATE INDEX "pharmacy_medicationdispense_medication_request_id_b034e38c" ON "pharmacy_medicationdispense" ("medication_request_id");
