/* Generated from the migrated database by `npm run generate`; a test compares it. */

/** what changed, once per subscriber, written with the change and deleted in the transaction that reacts to it */
export interface EventRow {
  id: number;
  subscriber: string;
  type: string;
  entity_ids: string[];
  created_at: Date;
}

/** requests leased in the sliding window of a platform limit, shared by all processes */
export interface QuotaBucketRow {
  key: string;
  slot: number;
  used: number[];
  blocked_until: Date | null;
}

/** when each scheduled job runs next, taken by one worker at a time */
export interface ScheduleRow {
  name: string;
  next_at: Date;
  last_at: Date | null;
}

/** one-time facts of this installation, such as that its demo was ended */
export interface SchemaNoteRow {
  name: string;
  at: Date;
}
