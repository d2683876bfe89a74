import type { Right } from '../../api/actor.ts';

/** Parts of the settings, in the order in which they are listed; without a right everybody may look. */
export const groups = [
  { name: 'you', sections: [{ name: 'me' }] },
  { name: 'shop', sections: [{ name: 'shop' }, { name: 'companies' }, { name: 'rates' }, { name: 'channels', right: 'channels.read' }] },
  {
    name: 'access',
    sections: [
      { name: 'users', right: 'accounts.manage' },
      { name: 'keys', right: 'keys.manage' },
    ],
  },
] as const satisfies readonly { name: string; sections: readonly { name: string; right?: Right }[] }[];

export type Group = (typeof groups)[number];
export type Section = Group['sections'][number];

/** The groups with the parts that somebody may open. */
export const groupsFor = (can: (right: Right) => boolean): { name: Group['name']; sections: Section[] }[] =>
  groups
    .map((group) => ({ name: group.name, sections: group.sections.filter((section) => !('right' in section) || can(section.right)) }))
    .filter((group) => group.sections.length > 0);
