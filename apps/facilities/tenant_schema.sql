-- Written by `make tenant-sql` from the migrations of the tenant apps. Do not edit.
-- patients.0001_initial
--
-- Create model Patient
--
CREATE TABLE "patients_patient" ("id" uuid NOT NULL PRIMARY KEY, "mrn" varchar(20) NOT NULL, "name_hi" varchar(80) NOT NULL, "name_en" varchar(80) NOT NULL, "name_auto" varchar(2) NOT NULL, "search_key" varchar(200) NOT NULL, "sex" varchar(8) NOT NULL, "birth_date" date NOT NULL, "birth_estimated" boolean NOT NULL, "mobile" varchar(10) NOT NULL, "guardian_relation" varchar(10) NOT NULL, "guardian_name" varchar(80) NOT NULL, "village" varchar(80) NOT NULL, "block_code" varchar(12) NOT NULL, "district_code" varchar(12) NOT NULL, "abha_number" varchar(14) NOT NULL, "abha_address" varchar(80) NOT NULL, "language" varchar(5) NOT NULL, "conditions" jsonb NOT NULL, "registered_at" timestamp with time zone NOT NULL, "person_id" uuid NULL, "replaced_by_id" uuid NULL);
--
-- Create model AllergyIntolerance
--
CREATE TABLE "patients_allergyintolerance" ("id" uuid NOT NULL PRIMARY KEY, "code" varchar(40) NOT NULL, "display_en" varchar(120) NOT NULL, "display_hi" varchar(120) NOT NULL, "reaction" varchar(120) NOT NULL, "status" varchar(16) NOT NULL, "recorded_at" timestamp with time zone NOT NULL, "patient_id" uuid NOT NULL);
--
-- Create index patient_mobile on field(s) mobile of model patient
--
CREATE INDEX "patient_mobile" ON "patients_patient" ("mobile");
--
-- Create index patient_name on field(s) search_key of model patient
--
CREATE INDEX "patient_name" ON "patients_patient" ("search_key" text_pattern_ops);
--
-- Create constraint patient_mrn on model patient
--
ALTER TABLE "patients_patient" ADD CONSTRAINT "patient_mrn" UNIQUE ("mrn");
ALTER TABLE "patients_patient" ADD CONSTRAINT "patients_patient_replaced_by_id_a5d66429_fk_patients_patient_id" FOREIGN KEY ("replaced_by_id") REFERENCES "patients_patient" ("id");
ALTER TABLE "patients_allergyintolerance" ADD CONSTRAINT "patients_allergyinto_patient_id_40249bc3_fk_patients_" FOREIGN KEY ("patient_id") REFERENCES "patients_patient" ("id");
CREATE INDEX "patients_allergyintolerance_patient_id_40249bc3" ON "patients_allergyintolerance" ("patient_id");
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
-- encounters.0001_initial
--
-- Create model Encounter
--
CREATE TABLE "encounters_encounter" ("id" uuid NOT NULL PRIMARY KEY, "number" varchar(20) NOT NULL, "code" varchar(12) NOT NULL, "kind" varchar(3) NOT NULL, "status" varchar(12) NOT NULL, "department" varchar(20) NOT NULL, "room" varchar(10) NOT NULL, "started_at" timestamp with time zone NOT NULL, "finished_at" timestamp with time zone NULL, "pregnant" boolean NULL, "lmp" date NULL, "draft" jsonb NOT NULL, "draft_version" integer NOT NULL CHECK ("draft_version" >= 0), "doctor_id" uuid NULL, "patient_id" uuid NOT NULL);
--
-- Create model Condition
--
CREATE TABLE "encounters_condition" ("id" uuid NOT NULL PRIMARY KEY, "category" varchar(10) NOT NULL, "code" varchar(20) NOT NULL, "standard_code" varchar(20) NOT NULL, "display_en" varchar(200) NOT NULL, "display_hi" varchar(200) NOT NULL, "days" smallint NULL CHECK ("days" >= 0), "status" varchar(16) NOT NULL, "encounter_id" uuid NOT NULL);
--
-- Create model Observation
--
CREATE TABLE "encounters_observation" ("id" uuid NOT NULL PRIMARY KEY, "code" varchar(20) NOT NULL, "loinc" varchar(10) NOT NULL, "value" numeric(9, 3) NOT NULL, "unit" varchar(20) NOT NULL, "flag" varchar(4) NOT NULL, "status" varchar(16) NOT NULL, "taken_at" timestamp with time zone NOT NULL, "encounter_id" uuid NOT NULL, "taken_by_id" uuid NULL);
--
-- Create model QueueToken
--
CREATE TABLE "encounters_queuetoken" ("id" uuid NOT NULL PRIMARY KEY, "queue" varchar(20) NOT NULL, "day" date NOT NULL, "session" varchar(4) NOT NULL, "number" integer NOT NULL CHECK ("number" >= 0), "station" varchar(10) NOT NULL, "status" varchar(10) NOT NULL, "source" varchar(16) NOT NULL, "priority" smallint NOT NULL CHECK ("priority" >= 0), "priority_reason" varchar(20) NOT NULL, "room" varchar(10) NOT NULL, "waiting_since" timestamp with time zone NOT NULL, "called_at" timestamp with time zone NULL, "times" jsonb NOT NULL, "called_by_id" uuid NULL, "encounter_id" uuid NOT NULL UNIQUE);
--
-- Create index encounter_patient on field(s) patient, -started_at of model encounter
--
CREATE INDEX "encounter_patient" ON "encounters_encounter" ("patient_id", "started_at" DESC);
--
-- Create constraint encounter_number on model encounter
--
ALTER TABLE "encounters_encounter" ADD CONSTRAINT "encounter_number" UNIQUE ("number");
--
-- Create constraint encounter_code on model encounter
--
ALTER TABLE "encounters_encounter" ADD CONSTRAINT "encounter_code" UNIQUE ("code");
--
-- Create index token_day_station on field(s) day, station, status of model queuetoken
--
CREATE INDEX "token_day_station" ON "encounters_queuetoken" ("day", "station", "status");
--
-- Create constraint token_queue_day_number on model queuetoken
--
ALTER TABLE "encounters_queuetoken" ADD CONSTRAINT "token_queue_day_number" UNIQUE ("queue", "day", "session", "number");
ALTER TABLE "encounters_encounter" ADD CONSTRAINT "encounters_encounter_patient_id_68c640cf_fk_patients_patient_id" FOREIGN KEY ("patient_id") REFERENCES "patients_patient" ("id");
ALTER TABLE "encounters_condition" ADD CONSTRAINT "encounters_condition_encounter_id_5a0cb9f6_fk_encounter" FOREIGN KEY ("encounter_id") REFERENCES "encounters_encounter" ("id");
CREATE INDEX "encounters_condition_encounter_id_5a0cb9f6" ON "encounters_condition" ("encounter_id");
ALTER TABLE "encounters_observation" ADD CONSTRAINT "encounters_observati_encounter_id_90b894a5_fk_encounter" FOREIGN KEY ("encounter_id") REFERENCES "encounters_encounter" ("id");
CREATE INDEX "encounters_observation_encounter_id_90b894a5" ON "encounters_observation" ("encounter_id");
ALTER TABLE "encounters_queuetoken" ADD CONSTRAINT "encounters_queuetoke_encounter_id_7f77374a_fk_encounter" FOREIGN KEY ("encounter_id") REFERENCES "encounters_encounter" ("id");
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
-- abdm.0003_hiu
--
-- Create model ReceivedRecord
--
CREATE TABLE "abdm_receivedrecord" ("id" uuid NOT NULL PRIMARY KEY, "page" smallint NOT NULL CHECK ("page" >= 0), "place" smallint NOT NULL CHECK ("place" >= 0), "status" varchar(8) NOT NULL, "why" varchar(16) NOT NULL, "reference" varchar(255) NOT NULL, "kind" varchar(24) NOT NULL, "written_at" timestamp with time zone NULL, "size" integer NOT NULL CHECK ("size" >= 0), "head" text NOT NULL, "content" text NOT NULL, "received_at" timestamp with time zone NOT NULL);
--
-- Add field hip_id to consentartefact
--
ALTER TABLE "abdm_consentartefact" ADD COLUMN "hip_id" varchar(60) DEFAULT '' NOT NULL;
--
-- Add field hip_name to consentartefact
--
ALTER TABLE "abdm_consentartefact" ADD COLUMN "hip_name" varchar(120) DEFAULT '' NOT NULL;
--
-- Add field next_check_at to consentartefact
--
ALTER TABLE "abdm_consentartefact" ADD COLUMN "next_check_at" timestamp with time zone NULL;
--
-- Add field proof to consentartefact
--
ALTER TABLE "abdm_consentartefact" ADD COLUMN "proof" varchar(64) DEFAULT '' NOT NULL;
--
-- Add field pages to healthinformationtransfer
--
ALTER TABLE "abdm_healthinformationtransfer" ADD COLUMN "pages" smallint DEFAULT 0 NOT NULL CHECK ("pages" >= 0);
--
-- Alter field status on consentartefact
--
-- (no-op)
--
-- Create index consent_asked on field(s) next_check_at of model consentartefact
--
CREATE INDEX "consent_asked" ON "abdm_consentartefact" ("next_check_at") WHERE "status" = 'asked';
--
-- Create index consent_request on field(s) request_id of model consentartefact
--
CREATE INDEX "consent_request" ON "abdm_consentartefact" ("request_id") WHERE "side" = 'hiu';
--
-- Add field transfer to receivedrecord
--
ALTER TABLE "abdm_receivedrecord" ADD COLUMN "transfer_id" uuid NOT NULL CONSTRAINT "abdm_receivedrecord_transfer_id_1a22fb76_fk_abdm_heal" REFERENCES "abdm_healthinformationtransfer"("id");
--
-- Create constraint received_place on model receivedrecord
--
ALTER TABLE "abdm_receivedrecord" ADD CONSTRAINT "received_place" UNIQUE ("transfer_id", "page", "place");
-- documents.0001_initial
--
-- Create model DocumentReference
--
CREATE TABLE "documents_documentreference" ("id" uuid NOT NULL PRIMARY KEY, "kind" varchar(24) NOT NULL, "code" varchar(12) NOT NULL, "content" jsonb NOT NULL, "content_sha256" varchar(64) NOT NULL, "language" varchar(5) NOT NULL, "status" varchar(16) NOT NULL, "renditions" jsonb NOT NULL, "pending" boolean NOT NULL, "issued_at" timestamp with time zone NOT NULL, "author_id" uuid NULL, "encounter_id" uuid NOT NULL, "patient_id" uuid NOT NULL, "supersedes_id" uuid NULL, CONSTRAINT "document_code" UNIQUE ("code"));
ALTER TABLE "documents_documentreference" ADD CONSTRAINT "documents_documentre_encounter_id_61856585_fk_encounter" FOREIGN KEY ("encounter_id") REFERENCES "encounters_encounter" ("id");
ALTER TABLE "documents_documentreference" ADD CONSTRAINT "documents_documentre_patient_id_53e8865e_fk_patients_" FOREIGN KEY ("patient_id") REFERENCES "patients_patient" ("id");
ALTER TABLE "documents_documentreference" ADD CONSTRAINT "documents_documentre_supersedes_id_f69a6148_fk_documents" FOREIGN KEY ("supersedes_id") REFERENCES "documents_documentreference" ("id");
CREATE INDEX "documents_documentreference_encounter_id_61856585" ON "documents_documentreference" ("encounter_id");
CREATE INDEX "document_patient" ON "documents_documentreference" ("patient_id", "issued_at" DESC);
CREATE INDEX "document_pending" ON "documents_documentreference" ("issued_at") WHERE "pending";
-- documents.0002_outpatient_day
--
-- Add field form to documentreference
--
ALTER TABLE "documents_documentreference" ADD COLUMN "form" varchar(30) DEFAULT '' NOT NULL;
-- labs.0001_initial
--
-- Create model ServiceRequest
--
CREATE TABLE "labs_servicerequest" ("id" uuid NOT NULL PRIMARY KEY, "test_code" varchar(20) NOT NULL, "display_en" varchar(200) NOT NULL, "display_hi" varchar(200) NOT NULL, "status" varchar(10) NOT NULL, "ordered_at" timestamp with time zone NOT NULL, "encounter_id" uuid NOT NULL, "ordered_by_id" uuid NOT NULL);
ALTER TABLE "labs_servicerequest" ADD CONSTRAINT "labs_servicerequest_encounter_id_788e2f7a_fk_encounter" FOREIGN KEY ("encounter_id") REFERENCES "encounters_encounter" ("id");
CREATE INDEX "labs_servicerequest_encounter_id_788e2f7a" ON "labs_servicerequest" ("encounter_id");
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
-- prescriptions.0001_initial
--
-- Create model Prescription
--
CREATE TABLE "prescriptions_prescription" ("id" uuid NOT NULL PRIMARY KEY, "status" varchar(16) NOT NULL, "signed_at" timestamp with time zone NOT NULL, "encounter_id" uuid NOT NULL, "signed_by_id" uuid NOT NULL);
--
-- Create model MedicationRequest
--
CREATE TABLE "prescriptions_medicationrequest" ("id" uuid NOT NULL PRIMARY KEY, "position" smallint NOT NULL CHECK ("position" >= 0), "medication_code" varchar(12) NOT NULL, "display" varchar(200) NOT NULL, "display_hi" varchar(200) NOT NULL, "form" varchar(60) NOT NULL, "dosage" jsonb NOT NULL, "days" smallint NULL CHECK ("days" >= 0), "quantity" numeric(9, 2) NOT NULL, "unit" varchar(20) NOT NULL, "dispensed" numeric(9, 2) NOT NULL, "note" varchar(200) NOT NULL, "prescription_id" uuid NOT NULL);
--
-- Create index prescription_open on field(s) signed_at of model prescription
--
CREATE INDEX "prescription_open" ON "prescriptions_prescription" ("signed_at") WHERE "status" = 'active';
ALTER TABLE "prescriptions_prescription" ADD CONSTRAINT "prescriptions_prescr_encounter_id_db0bcd74_fk_encounter" FOREIGN KEY ("encounter_id") REFERENCES "encounters_encounter" ("id");
CREATE INDEX "prescriptions_prescription_encounter_id_db0bcd74" ON "prescriptions_prescription" ("encounter_id");
ALTER TABLE "prescriptions_medicationrequest" ADD CONSTRAINT "prescriptions_medica_prescription_id_97dd1c3d_fk_prescript" FOREIGN KEY ("prescription_id") REFERENCES "prescriptions_prescription" ("id");
CREATE INDEX "prescriptions_medicationrequest_prescription_id_97dd1c3d" ON "prescriptions_medicationrequest" ("prescription_id");
-- prescriptions.0002_outpatient_day
--
-- Add field closed to medicationrequest
--
ALTER TABLE "prescriptions_medicationrequest" ADD COLUMN "closed" varchar(16) DEFAULT '' NOT NULL;
--
-- Add field unavailable to medicationrequest
--
ALTER TABLE "prescriptions_medicationrequest" ADD COLUMN "unavailable" numeric(9, 2) DEFAULT 0 NOT NULL;
-- pharmacy.0001_initial
--
-- Create model StockBatch
--
CREATE TABLE "pharmacy_stockbatch" ("id" uuid NOT NULL PRIMARY KEY, "medication_code" varchar(12) NOT NULL, "store" varchar(20) NOT NULL, "batch_no" varchar(40) NOT NULL, "expiry" date NOT NULL, "on_hand" numeric(11, 2) NOT NULL, "unit" varchar(20) NOT NULL, "source" varchar(40) NOT NULL, CONSTRAINT "batch_store_no" UNIQUE ("store", "medication_code", "batch_no"), CONSTRAINT "batch_not_negative" CHECK ("on_hand" >= 0));
--
-- Create model StockMovement
--
CREATE TABLE "pharmacy_stockmovement" ("id" uuid NOT NULL PRIMARY KEY, "kind" varchar(12) NOT NULL, "quantity" numeric(11, 2) NOT NULL, "reference" uuid NULL, "reason" varchar(100) NOT NULL, "at" timestamp with time zone NOT NULL, "batch_id" uuid NOT NULL);
CREATE INDEX "batch_medication" ON "pharmacy_stockbatch" ("medication_code", "expiry");
ALTER TABLE "pharmacy_stockmovement" ADD CONSTRAINT "pharmacy_stockmoveme_batch_id_ffb22995_fk_pharmacy_" FOREIGN KEY ("batch_id") REFERENCES "pharmacy_stockbatch" ("id");
CREATE INDEX "pharmacy_stockmovement_batch_id_ffb22995" ON "pharmacy_stockmovement" ("batch_id");
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
