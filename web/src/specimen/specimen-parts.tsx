import { useState } from 'react';
import { Badge, Button, Checkbox, Menu, PasswordInput, SegmentedControl, Select, Switch, TextInput } from '@mantine/core';
import { IconArchive, IconBox, IconCopy, IconTag, IconUpload } from '@tabler/icons-react';
import { ChannelName, ChannelMark } from '../ui/channel-mark.tsx';
import { confirm } from '../ui/confirm.tsx';
import { DescribedForm } from '../ui/described-form.tsx';
import { BigFigure, Delta, Meter, Money, Num, Spark, Stock } from '../ui/figures.tsx';
import { FileDrop } from '../ui/file-drop.tsx';
import { FieldRow } from '../ui/form.tsx';
import { Glyph, Status } from '../ui/glyph.tsx';
import { Link } from '../ui/link.tsx';
import { MoreMenu } from '../ui/list-tools.tsx';
import { Columns, Grid, Line, PageBody, PageHead, Stack, Views } from '../ui/page.tsx';
import { Facts, Panel, PanelRow, PanelTable } from '../ui/panel.tsx';
import { QuickLook } from '../ui/quick-look.tsx';
import { RunProgress, Steps } from '../ui/run-progress.tsx';
import { SaveBar } from '../ui/save-bar.tsx';
import { EmptyState, Notice, Problem, SkeletonLines } from '../ui/states.tsx';
import { Change, Diff, History, Timeline } from '../ui/timeline.tsx';
import { toast } from '../ui/toast.tsx';
import { When } from '../ui/when.tsx';
import { Problem as ApiProblem } from '../api/problem.ts';
import { channels, runs } from './specimen-data.ts';

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const failed = new ApiProblem('The database did not answer in 5 s. Nothing is lost: orders keep arriving and wait.', {
  code: 'server.busy',
  status: 503,
  requestId: '01JD8K2M',
});

export function SpecimenParts() {
  const [look, setLook] = useState(false);
  const [file, setFile] = useState<File | undefined>();
  const ask = (): void =>
    void confirm({
      title: 'Archive 3 products?',
      body: 'They end on 4 channels within a minute. 2 open orders are still sent. You can undo this for 30 days.',
      action: 'Archive 3',
      keep: 'Keep',
      danger: true,
    });
  return (
    <PageBody>
      <Grid columns={3}>
        <Panel title="Loading: the shape of the content" flush>
          <SkeletonLines lines={6} />
        </Panel>
        <Panel title="Empty: what belongs here, and the first step">
          <EmptyState
            icon={<IconBox size="1em" stroke={1.4} />}
            title="No products yet"
            actions={
              <>
                <Button variant="filled">Import a file</Button>
                <Button>Take them from a channel</Button>
              </>
            }
          >
            Products are what you sell, once each, whatever the channel. Bring them from a file or from a connected shop.
          </EmptyState>
        </Panel>
        <Panel title="Failed: what happened, what it means, the way out">
          <Problem error={failed} title="Orders could not be read" onRetry={() => undefined} actions={<Button variant="subtle">Show the old list</Button>} />
        </Panel>
        <Panel title="Running: done, rate, end, way back" flush>
          {runs.slice(1).map((run, index) => (
            <PanelRow key={run.id + index} title={<RunProgress run={run} action={run.state === 'running' ? <Button size="xs">Cancel</Button> : undefined} />} />
          ))}
        </Panel>
        <Panel title="Editing: 5 products, price">
          <Stack>
            <TextInput label="Change" defaultValue="+5 %" />
            <Select label="Round to" data={['.90', '.99']} defaultValue=".90" />
            <TextInput label="Not below" defaultValue="42 RON" error="2 products would cost less than they are bought for" />
            <FieldRow>
              <TextInput label="From" placeholder="12.00" />
              <PasswordInput label="Secret" placeholder="Stored. Type to replace it." description="Never shown again" />
            </FieldRow>
            <Checkbox label="Also on channels that have their own price" />
            <Switch label="Undo after 48 h" defaultChecked />
            <Line>
              <Button variant="filled">Preview 5 changes</Button>
              <Button variant="subtle">Cancel</Button>
              <Button loading>Wait</Button>
              <Button disabled>Not yet</Button>
            </Line>
          </Stack>
        </Panel>
        <Panel title="Menus, dialogs, drops">
          <Stack>
            <Line>
              <Menu position="bottom-start">
                <Menu.Target>
                  <Button>Actions</Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item leftSection={<IconUpload size="1.1em" stroke={1.6} />}>Publish…</Menu.Item>
                  <Menu.Item leftSection={<IconTag size="1.1em" stroke={1.6} />}>Tags…</Menu.Item>
                  <Menu.Item leftSection={<IconCopy size="1.1em" stroke={1.6} />}>Duplicate</Menu.Item>
                  <Menu.Divider />
                  <Menu.Item c="var(--k-bad)" leftSection={<IconArchive size="1.1em" stroke={1.6} />} onClick={ask}>
                    Archive…
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
              <Button onClick={ask}>Confirm</Button>
              <Button onClick={() => toast('Price of 5 products changed', { undo: () => toast('Taken back') })}>Toast</Button>
              <Button onClick={() => setLook(true)}>Quick look</Button>
              <SegmentedControl data={['Today', '7 days', '30 days']} />
            </Line>
            <FileDrop label="File of products" accept=".csv,.tsv" limitBytes={100_000_000} file={file} onFile={setFile} help="CSV, up to 100 MB" />
            <FileDrop
              label="File on its way"
              accept=".csv"
              limitBytes={100_000_000}
              file={new File(['x'.repeat(2_400_000)], 'costs-november.csv')}
              onFile={() => undefined}
              sending={0.62}
            />
          </Stack>
        </Panel>
        <Panel title="Words and figures" count={12}>
          <Stack>
            <Line>
              <Status state="good">Active</Status>
              <Status state="moving">Packing</Status>
              <Status state="attention">Needs mapping</Status>
              <Status state="bad">Waybill refused</Status>
              <Status state="none">Paused</Status>
              <Badge color="attention">Name invalid</Badge>
            </Line>
            <Line>
              {channels.map((channel) => (
                <ChannelName key={channel.id} channel={channel} />
              ))}
              <ChannelMark channel={{ name: 'Fifth', mark: 'F5', series: 5 }} alone />
              <ChannelMark channel={{ name: 'Sixth', mark: 'S', series: 6 }} alone />
            </Line>
            <Line>
              <Money strong value={{ amount: '12385.53', currency: 'RON' }} />
              <Money signed value={{ amount: '-158.40', currency: 'RON' }} />
              <Num value={36} unit="kg" />
              <Delta value={0.079} base="last Sunday" good="up" />
              <Delta value={-0.384} base="last Sunday" good="up" />
              <Delta value={0.062} base="last week" />
              <Stock value={26} of={110} state="attention" />
              <Meter value={0.73} label="complete" state="attention" />
            </Line>
            <Line>
              {[1, 2, 3, 4, 5, 6].map((series) => (
                <Spark
                  key={series}
                  series={series}
                  filled
                  label="14 days"
                  values={[3, 5, 4, 7, 6, 5, 8, 9, 6, 7, 9, 11].map((value) => value * (series % 3) + series)}
                />
              ))}
              <Spark label="30 days" values={[4, 3, 5, 2, 6, 5, 7, 8]} />
            </Line>
            <Line>
              <When at={ago(3)} />
              <When at={ago(200)} />
              <When at={ago(60 * 30)} />
              <When deadline at={ago(47)} />
              <When deadline at={ago(-100)} />
            </Line>
            <BigFigure label="Net sales" value="12,385.53" unit="RON" delta={<Delta value={0.079} base="last Sunday" good="up" />} note="96 orders" />
          </Stack>
        </Panel>
        <Panel title="Notices">
          <Stack tight>
            <Notice state="bad" title="Package 2 cannot leave: its waybill number was refused." action={<Button>Get a new waybill</Button>}>
              Hand-over is due in 1 h 40 min.
            </Notice>
            <Notice state="attention" title="Three changes wait.">
              Buyers still see the old values.
            </Notice>
            <Notice state="moving">Please call before delivery.</Notice>
            <Notice state="good">All 412 rows are in.</Notice>
          </Stack>
        </Panel>
        <Panel title="Described by a manifest">
          <DescribedForm
            fields={[
              { name: 'seller', label: 'Seller number', kind: 'text', required: true, help: 'In the seller panel under Account, Integration' },
              { name: 'secret', label: 'API secret', kind: 'secret', required: true },
              {
                name: 'fronts',
                label: 'Store fronts',
                kind: 'multi_select',
                required: true,
                options: [
                  { value: 'RO', label: 'Romania' },
                  { value: 'DE', label: 'Germany' },
                ],
                defaultValue: ['RO'],
              },
              { name: 'test', label: 'Practice store', kind: 'switch', required: false },
            ]}
            storedSecrets={new Set(['secret'])}
            action="Test the connection"
            save={() =>
              Promise.reject(
                new ApiProblem('seller: no such seller', {
                  code: 'input.invalid',
                  status: 400,
                  field: 'credentials.seller',
                  data: { reason: 'There is no seller with this number' },
                }),
              )
            }
            done={() => undefined}
          />
        </Panel>
      </Grid>
      <QuickLook opened={look} onClose={() => setLook(false)} title="KV-20418">
        <Facts groups={[[{ label: 'Channel', value: 'East Bazaar RO' }]]} />
      </QuickLook>
    </PageBody>
  );
}

export function SpecimenDetail() {
  const [fields, setFields] = useState<string[]>(['threshold', 'clicks', 'cooldown']);
  return (
    <>
      <PageHead
        trail={[{ label: 'Orders', to: '/specimen?sheet=list' }]}
        title="KV-20418"
        note={<ChannelName channel={channels[1]!} />}
        actions={
          <>
            <MoreMenu bordered>
              <Menu.Item>Packing slip</Menu.Item>
            </MoreMenu>
            <Button variant="filled">Get a new waybill</Button>
          </>
        }
      />
      <PageBody>
        <Stack>
          <Steps
            label="Progress"
            steps={[
              { id: 'a', label: 'Received', state: 'good', note: '10:14' },
              { id: 'b', label: 'Reserved', state: 'good', note: '10:14' },
              { id: 'c', label: 'Waybill', state: 'bad', note: 'refused 11:31' },
              { id: 'd', label: 'Packed', state: 'none', note: 'by 13:28' },
              { id: 'e', label: 'Delivered', state: 'none' },
            ]}
          />
          <Notice state="bad" title="Package 2 cannot leave: its waybill number was refused.">
            Hand-over is due in 1 h 40 min; after 16:00 the market counts it as late.
          </Notice>
          <Columns
            summary={
              <Facts
                groups={[
                  [
                    { label: 'SKU', value: 'CZV-350-CU' },
                    { label: 'Barcode', value: '8 690412 350176' },
                    { label: 'Category', value: 'Kitchen / Coffee pots' },
                  ],
                  [
                    { label: 'Price', value: <Money strong value={{ amount: '129.00', currency: 'RON' }} /> },
                    { label: 'Lasts', value: <Status state="attention">12 days, refill 14</Status> },
                  ],
                ]}
              />
            }
            aside={
              <Stack>
                <Panel title="Timeline" action={<Link to="/specimen">Add a note</Link>}>
                  <Timeline
                    label="Timeline"
                    items={[
                      {
                        id: '1',
                        at: ago(17),
                        title: 'Waybill refused',
                        state: 'bad',
                        note: 'Package 2: “Cargo tracking number already used”.',
                        actions: <Button size="xs">Retry the same number</Button>,
                      },
                      { id: '2', at: ago(19), title: 'Waybill confirmed, package 1', state: 'good', note: '1ONB24887310' },
                      { id: '3', at: ago(60 * 26), title: 'Received', state: 'good', note: '2 s after the sale' },
                    ]}
                  />
                </Panel>
                <Panel title="History">
                  <History
                    label="History"
                    onUndo={() => undefined}
                    items={[
                      {
                        id: '1',
                        at: ago(12),
                        title: (
                          <>
                            Price <Change before="119.00" after="129.00 RON" />
                          </>
                        ),
                        reason: 'from insight “Raise Cezve 350 ml”',
                        actor: 'Ioana Petrescu',
                      },
                      { id: '2', at: ago(3000), title: 'German title, 62 to 84 characters', actor: 'Andrei Stan', undone: true },
                    ]}
                  />
                </Panel>
              </Stack>
            }
          >
            <Views
              inset
              views={[
                { to: '/specimen?sheet=detail', label: 'Channels', count: '4', active: true },
                { to: '/specimen', label: 'Stock', active: false },
              ]}
            />
            <Panel title="Money" action={<Link to="/specimen">Ledger</Link>}>
              <Facts
                numbers
                groups={[
                  [
                    { label: 'Goods, 3 items', value: <Money value={{ amount: '364.00', currency: 'RON' }} /> },
                    { label: 'VAT in it, 21 %', value: <Money value={{ amount: '-63.17', currency: 'RON' }} /> },
                  ],
                  [{ label: 'Profit, expected', value: <Money strong value={{ amount: '48.29', currency: 'RON' }} /> }],
                ]}
              />
            </Panel>
            <Panel flush>
              <PanelTable
                label="Channels"
                rows={channels}
                rowKey={(row) => row.id}
                columns={[
                  { id: 'n', header: 'Channel', cell: (row) => <ChannelName channel={row} /> },
                  { id: 'p', header: 'Price', end: true, cell: () => <Money value={{ amount: '27.90', currency: 'EUR' }} /> },
                  {
                    id: 's',
                    header: 'Sent',
                    cell: () => (
                      <Status state="good" note="11:40">
                        sent
                      </Status>
                    ),
                  },
                ]}
              />
            </Panel>
            <Panel title="East Bazaar DE" flush>
              <Diff
                label="Differences"
                before="There now"
                after="Wanted"
                end="Push"
                rows={[
                  { id: 'p', field: 'Price', before: '27.90 EUR', after: '29.90 EUR', end: <Status state="moving">waiting</Status> },
                  {
                    id: 't',
                    field: 'Title',
                    before: 'Cezve Kupfer gehämmert 350 ml',
                    after: 'Cezve Kupfer gehämmert 350 ml, türkische Mokkakanne mit Holzgriff',
                    end: <Status state="moving">waiting</Status>,
                  },
                  { id: 'b', field: 'Brand', before: 'Levant Home', after: 'same', same: true, end: <Status state="good">confirmed</Status> },
                ]}
              />
            </Panel>
            <Panel title="Packages" count={2} flush>
              <PanelRow
                lead={<Glyph state="bad" />}
                title="6 invoices were not accepted"
                note="Their link answers 404. Buyers do not see an invoice."
                end={<Button>Send again</Button>}
              />
              <PanelRow lead={<Glyph state="attention" />} title="3 orders need mapping" note="Stock is not reserved." end={<Button>Map</Button>} />
            </Panel>
          </Columns>
        </Stack>
      </PageBody>
      <SaveBar fields={fields} saving={false} onSave={() => setFields([])} onDiscard={() => setFields([])} saveLabel="Save draft" />
    </>
  );
}
