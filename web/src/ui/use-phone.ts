import { useMediaQuery } from '@mantine/hooks';

/** True below the width where lists become cards and the menu a drawer; the same break as in the style sheets. */
export const usePhone = (): boolean =>
  useMediaQuery('(max-width: 48em)', window.matchMedia('(max-width: 48em)').matches, { getInitialValueInEffect: false }) ?? false;
