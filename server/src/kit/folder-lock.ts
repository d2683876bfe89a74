import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What the holder of a folder tells others about itself. */
export interface FolderHolder {
  pid: number;
  /** Port of the PostgreSQL that it runs, once that answers. */
  postgresPort?: number;
}

/** A folder held by this process alone. */
export interface FolderLock {
  describe(holder: FolderHolder): void;
  release(): void;
}

const lockFile = 'owner.lock';
const holderFile = 'owner.json';

/**
 * Takes the folder for this process, or returns undefined when another one has it.
 *
 * SQLite's exclusive lock is one that the kernel drops when the process dies, on every system and also between two
 * containers that share the folder. So there is no stale lock to clean up and no process number to compare.
 */
export function tryLockFolder(folder: string): FolderLock | undefined {
  const file = new DatabaseSync(path.join(folder, lockFile), { timeout: 0 });
  try {
    file.exec('begin exclusive');
  } catch (error) {
    file.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  const holderPath = path.join(folder, holderFile);
  const describe = (holder: FolderHolder) => writeFileSync(holderPath, JSON.stringify(holder), { mode: 0o600 });
  let held = true;
  return {
    describe,
    release() {
      if (!held) return;
      held = false;
      rmSync(holderPath, { force: true });
      file.close();
    },
  };
}

/** Who holds the folder, as far as it has said; undefined when nobody does. */
export function findFolderHolder(folder: string): FolderHolder | undefined {
  const lock = tryLockFolder(folder);
  if (lock) {
    lock.release();
    return undefined;
  }
  try {
    return JSON.parse(readFileSync(path.join(folder, holderFile), 'utf8')) as FolderHolder;
  } catch {
    return { pid: 0 }; // it has the lock but has not described itself yet
  }
}

function isBusy(error: unknown): boolean {
  const sqliteBusy = 5;
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
}
