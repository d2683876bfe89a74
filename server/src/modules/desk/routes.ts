import { edge } from '../../edge.ts';
import { getShop } from '../accounts/accounts.ts';
import { deskContract } from './contract.ts';
import { readToday, search } from './reads.ts';

const os = edge(deskContract);

export const deskRoutes = {
  today: os.today.handler(async ({ context: { app, actor }, input }) => readToday(app.db, actor, await getShop(app.db), app.clock.now(), Number(input.days))),
  search: os.search.handler(async ({ context: { app, actor }, input }) => ({ items: await search(app.db, actor, input.q, input.limit) })),
};
