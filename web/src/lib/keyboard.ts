import { useEffect, useRef } from 'react';

export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const editable = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox],[type=radio]), textarea, select'));

/** Menus, lists of options and dialogs own their keys while they are open. */
const elsewhere = (target: EventTarget | null): boolean =>
  (target instanceof Element && target.closest('[role=menu],[role=listbox],[role=dialog]') !== null) || document.querySelector('[aria-modal=true]') !== null;

const nameOf = (event: KeyboardEvent): string =>
  `${event.ctrlKey || event.metaKey ? 'mod+' : ''}${event.altKey ? 'alt+' : ''}${event.key.length === 1 ? event.key.toLowerCase() : event.key}`;

/**
 * Page-wide keys: `useKeys({ j: next, '/': focusSearch, 'mod+k': open })`. Plain keys are silent while somebody types or a
 * menu or dialog is open; `mod+…` works everywhere. Names are `event.key`, letters in lower case. Enter and Space stay with a focused control.
 */
export function useKeys(keys: Keys, active = true): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    if (!active) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      const name = nameOf(event);
      const run = latest.current[name];
      if (run === undefined || event.defaultPrevented || event.isComposing) return;
      if (!name.startsWith('mod+')) {
        if (editable(event.target) || elsewhere(event.target)) return;
        if ((name === 'Enter' || name === ' ') && event.target instanceof Element && event.target.closest('a,button,[role=tab]') !== null) return;
      }
      event.preventDefault();
      run(event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [active]);
}
