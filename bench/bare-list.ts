import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

/* The peer of `list`: node:http, one prepared statement, rows as JSON; no sign-in, no checks, no shaping. */

const { DATABASE_URL, STATEMENT } = process.env;
const { text, values } = JSON.parse(STATEMENT ?? '{}') as { text: string; values: unknown[] };
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 12 });
const server = createServer((_request, response) => {
  pool.query({ name: 'list', text, values }).then(
    ({ rows }) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ items: rows }));
    },
    (error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    },
  );
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`));
