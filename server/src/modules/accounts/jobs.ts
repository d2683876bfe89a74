import type { ModuleParts } from '../../app.ts';
import { sql } from '../../kit/db.ts';
import { forgetOldKeys } from './idempotency.ts';
import { forgetOldLocks } from './sign-in-lock.ts';
import { accountsUndo } from './undo.ts';

export const accountsParts: ModuleParts = {
  undo: accountsUndo,
  schedules: (app) => [
    {
      name: 'accounts.forget',
      everyMs: 3600 * 1000,
      async tick() {
        const now = app.clock.now();
        await forgetOldKeys(app.db, now);
        await forgetOldLocks(app.db, now);
        await app.db.run(sql`delete from auth.session where expires_at < ${now}`);
        await app.db.run(sql`delete from password_link where expires_at < ${now}`);
      },
    },
  ],
};
