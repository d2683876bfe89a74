import { lazy, Suspense, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';

export interface Question {
  /** Names what happens and to how many: "Archive 3 products?" */
  title: string;
  /** What it means, and until when it can be taken back. */
  body: ReactNode;
  /** Names the deed: "Archive 3". */
  action: string;
  /** The way out; "Cancel" by default. */
  keep?: string;
  danger?: boolean;
  /** What has to be typed for a deed that cannot be taken back. */
  typed?: string;
}

let asked: { question: Question; answer: (yes: boolean) => void } | undefined;
const watchers = new Set<() => void>();
const changed = (): void => {
  for (const one of watchers) one();
};

/** Asks before a deed: `if (await confirm({ title, body, action, danger: true })) …`. One question at a time; a second one answers the first with no. */
export function confirm(question: Question): Promise<boolean> {
  asked?.answer(false);
  return new Promise((resolve) => {
    asked = { question, answer: resolve };
    changed();
  });
}

const Dialog = lazy(() => import('./confirm-dialog.tsx').then((file) => ({ default: file.ConfirmDialog })));

/** Draws the one dialog; stands once in the app. */
export function ConfirmHost() {
  const open = useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
    () => asked,
  );
  if (open === undefined) return null;
  const answer = (yes: boolean): void => {
    open.answer(yes);
    asked = undefined;
    changed();
  };
  return (
    <Suspense>
      <Dialog question={open.question} answer={answer} />
    </Suspense>
  );
}
