import type { ReactNode } from 'react';
import { IconExternalLink } from '@tabler/icons-react';
import css from './kit.module.css';

/** A link out of Karavan, in its own tab. An address that is not plain http(s), as outside data may hold, stays mere text. */
export function OutsideLink({ href, children }: { href: string; children: ReactNode }) {
  if (!/^https?:\/\//i.test(href) || !URL.canParse(href)) return <>{children}</>;
  return (
    <a className={css.link} href={href} target="_blank" rel="noreferrer noopener">
      {children} <IconExternalLink size="1em" stroke={1.6} aria-hidden />
    </a>
  );
}
