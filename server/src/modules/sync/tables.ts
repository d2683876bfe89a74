/* Generated from the migrated database by `npm run generate`; a test compares it. */

/** one execution of outside or long work with progress, cursor and retry time */
export interface RunRow {
  id: string;
  kind: string;
  title: string;
  subject_kind: string | null;
  subject_id: string | null;
  company_id: string | null;
  state: 'queued' | 'running' | 'waiting' | 'done' | 'failed' | 'cancelled';
  done: number;
  total: number | null;
  failed: number;
  input: unknown;
  cursor: unknown;
  outcome: unknown;
  attempt: number;
  retry_at: Date | null;
  error_code: string | null;
  error: string | null;
  cancel_requested: boolean;
  quiet: boolean;
  actor: unknown;
  change_set_id: string | null;
  leased_until: Date | null;
  leased_by: string | null;
  created_at: Date;
  started_at: Date | null;
  progressed_at: Date | null;
  finished_at: Date | null;
}

/** how far a repeated pull has come, per channel and scope (e.g. orders of one store front) */
export interface SyncCursorRow {
  subject_id: string;
  scope: string;
  cursor: unknown;
  updated_at: Date;
}
