import type { ReactNode } from 'react';
import css from './kit.module.css';

/** A channel as the API describes it: name, mark and colour are data, kept for life. */
export interface ChannelFace {
  name: string;
  /** One or two letters. */
  mark: string;
  /** 1 to 6: place in the palette, given when the channel was connected. */
  series: number;
}

/** The channel's letters on its colour. Beside its name it is decoration; alone it carries the name. */
export function ChannelMark({ channel, alone = false }: { channel: ChannelFace; alone?: boolean }) {
  return (
    <span
      className={css.mark}
      data-series={((channel.series - 1) % 6) + 1}
      title={alone ? channel.name : undefined}
      role={alone ? 'img' : undefined}
      aria-label={alone ? channel.name : undefined}
      aria-hidden={alone ? undefined : true}
    >
      {channel.mark.slice(0, 2)}
    </span>
  );
}

/** Mark and name in one line. */
export function ChannelName({ channel, children }: { channel: ChannelFace; children?: ReactNode }) {
  return (
    <span className={css.channelName}>
      <ChannelMark channel={channel} />
      <span className={css.clip}>{children ?? channel.name}</span>
    </span>
  );
}
