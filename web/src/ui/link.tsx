import type { AnchorHTMLAttributes, MouseEvent, ReactNode, Ref } from 'react';
import { useRouter } from '@tanstack/react-router';
import css from './kit.module.css';

export interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  /** From `lib/paths.ts`. */
  to: string;
  replace?: boolean;
  /** A link that takes the look of what surrounds it: a title cell, a nav item. */
  plain?: boolean;
  children?: ReactNode;
  ref?: Ref<HTMLAnchorElement>;
}

/** The one link: an address from `lib/paths.ts`, opened without leaving the page. */
export function Link({ to, replace = false, plain = false, onClick, className, children, ...rest }: LinkProps) {
  const router = useRouter();
  const open = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || rest.target === '_blank') return;
    event.preventDefault();
    void router.navigate({ href: to, replace });
  };
  return (
    <a {...rest} href={to} onClick={open} className={className ?? (plain ? css.linkPlain : css.link)}>
      {children}
    </a>
  );
}
