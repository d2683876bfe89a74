import { createContext, useContext } from 'react';

/** The shop's time zone. Every time on screen is in it; before it is known, the browser's. */
export const ZoneContext = createContext<string>(Intl.DateTimeFormat().resolvedOptions().timeZone);

export const useZone = (): string => useContext(ZoneContext);
