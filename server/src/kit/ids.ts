import { v7 } from 'uuid';

/** A new UUIDv7: sorts by the millisecond it was made in, so primary keys stay in insertion order. */
export const newId = (): string => v7();
