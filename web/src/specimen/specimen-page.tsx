import { useState } from 'react';
import { Link } from '../ui/link.tsx';
import { Page, PageHead, Views } from '../ui/page.tsx';
import { Shell } from '../ui/shell.tsx';
import { ZoneContext } from '../lib/zone.ts';
import { SpecimenList } from './specimen-list.tsx';
import { SpecimenDetail, SpecimenParts } from './specimen-parts.tsx';
import { channels, runs } from './specimen-data.ts';

/* Words stand in the source here: this page is not in the built app. */
const sheets = ['states', 'detail', 'list', 'list-empty', 'list-loading', 'list-failed', 'list-none'] as const;

/** Every part of the kit in all its states. `?sheet=list` shows 100,000 rows. */
export function SpecimenPage() {
  const [sheet] = useState(() => new URLSearchParams(window.location.search).get('sheet') ?? 'states');
  const views = sheets.map((name) => ({ to: `/specimen?sheet=${name}`, label: name, active: name === sheet }));
  return (
    <ZoneContext value="Europe/Bucharest">
      <Shell
        shopName="Levant Home"
        demo
        onLeaveDemo={() => undefined}
        user={{ name: 'Ioana Petrescu', email: 'ioana@levant.example' }}
        show={{ orders: true, products: true, inventory: true, settings: true, connect: true }}
        counts={{ orders: 21 }}
        channels={channels}
        runs={runs.slice(0, 2)}
        search={() =>
          Promise.resolve({
            items: [
              { kind: 'product', id: 'p1', title: 'Cezve hammered copper 350 ml', subtitle: 'CZV-350-CU' },
              { kind: 'order', id: 'o1', title: 'KV-20418', subtitle: 'East Bazaar RO, Elena Marinescu' },
            ],
          })
        }
        onSignOut={() => undefined}
      >
        {sheet.startsWith('list') ? (
          <SpecimenList kind={sheet} />
        ) : (
          <Page title="Specimen">
            {sheet === 'detail' ? (
              <SpecimenDetail />
            ) : (
              <>
                <PageHead
                  title="States"
                  note="loading, empty, failed, running, editing, confirming"
                  actions={<Link to="/specimen?sheet=list">The list</Link>}
                />
                <Views views={views} />
                <SpecimenParts />
              </>
            )}
          </Page>
        )}
      </Shell>
    </ZoneContext>
  );
}
