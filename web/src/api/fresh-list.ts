import { useEffect, useRef, useState } from 'react';

/** How many loaded pages are read again by themselves; beyond that a person says when. */
const FEW_PAGES = 3;

/** Reads a list again when `sign`, something cheap that is polled, shows that it is out of date; a long scrolled one only when asked. */
export function useFreshList(sign: unknown, pages: number, read: () => unknown): { isStale: boolean; refresh: () => void } {
  const seen = useRef(sign);
  const [isStale, setStale] = useState(false);
  const refresh = (): void => {
    setStale(false);
    void read();
  };
  useEffect(() => {
    if (sign === undefined || seen.current === sign) return;
    const first = seen.current === undefined;
    seen.current = sign;
    if (first) return;
    if (pages <= FEW_PAGES) void read();
    else setStale(true);
  }, [sign, pages, read]);
  return { isStale, refresh };
}
