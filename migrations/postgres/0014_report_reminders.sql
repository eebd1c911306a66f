-- Who reports for units is reminded by e-mail as well: once when a report is due soon, once when it is late, and whenever
-- it is returned.
ALTER TABLE account_mail ADD COLUMN reports BOOLEAN NOT NULL DEFAULT FALSE;

-- Of what an account was reminded. The moment is that of the return, 0 for the days of the calendar.
CREATE TABLE report_reminder (
    account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    registration_id BIGINT NOT NULL REFERENCES registration (id) ON DELETE CASCADE,
    period_id BIGINT NOT NULL REFERENCES period (id) ON DELETE CASCADE,
    cause TEXT NOT NULL CHECK (cause IN ('soon', 'late', 'returned')),
    since BIGINT NOT NULL,
    reminded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, registration_id, period_id, cause, since)
);
CREATE INDEX report_reminder_registration_index ON report_reminder (registration_id);
CREATE INDEX report_reminder_period_index ON report_reminder (period_id);
