-- from 6deac0f58de4 to f92df58b26e8
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
