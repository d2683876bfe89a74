import { Button } from '@mantine/core';
import { toProblem } from '../api/problem.ts';
import { i18next } from '../lib/i18n.ts';
import css from './form.module.css';
import { Glyph } from './glyph.tsx';
import type { State } from './glyph.tsx';

const SHORT = 5_000;
const LONG = 10_000;

/** A word at the foot of the screen: what was done, and Undo where there is one. */
export function toast(message: string, options: { state?: State; undo?: () => unknown } = {}): void {
  void show(message, options);
}

async function show(message: string, options: { state?: State; undo?: () => unknown }): Promise<void> {
  const { notifications } = await import('./toast-host.tsx');
  const id = crypto.randomUUID();
  const { undo, state = 'good' } = options;
  notifications.show({
    id,
    withBorder: true,
    withCloseButton: true,
    autoClose: undo === undefined && state === 'good' ? SHORT : LONG,
    icon: null,
    classNames: { root: css.toastFrame },
    message: (
      <span className={css.toast}>
        <Glyph state={state} />
        <span className={css.toastText}>{message}</span>
        {undo === undefined ? null : (
          <Button
            variant="transparent"
            size="xs"
            className={css.toastUndo}
            onClick={() => {
              notifications.hide(id);
              void undo();
            }}
          >
            {i18next.t('actions.undo')}
          </Button>
        )}
      </span>
    ),
  });
}

/** A deed that failed outside a form: `.catch(toastProblem)`. In a form the error stands in the form instead. */
export function toastProblem(error: unknown): void {
  toast(toProblem(error).message, { state: 'bad' });
}
