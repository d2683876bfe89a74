// `npm start`: installs what is missing, builds the web pages and runs the server; the other programs likewise.
import process from 'node:process';
import { endWithNpm, launch, Refusal, root, runNode } from './launch.mjs';
import { ensureInstalled, ensureWebBuilt } from './prepare.mjs';

const programs = {
  cli: 'server/src/cli.ts',
  generate: 'server/src/generate.ts',
  bench: 'bench/main.ts',
  sandbox: 'sandbox/main.ts',
};

await launch(async () => {
  if (Number(process.versions.node.split('.')[0]) < 18) throw new Refusal('Karavan needs Node 18 or newer to start.');
  const [name, ...args] = process.argv.slice(2);
  if (name !== undefined && !Object.hasOwn(programs, name))
    throw new Refusal(`There is no program "${name}"; there are ${Object.keys(programs).join(', ')}, and the server when none is named.`);
  await ensureInstalled();

  // Programs that stay get a pipe from us and end when we do; the others talk to the person at the terminal.
  if (name === undefined || name === 'sandbox') {
    endWithNpm();
    if (name === undefined) await ensureWebBuilt();
    const file = name === undefined ? 'server/src/main.ts' : programs[name];
    return (await runNode([file, ...args, '--with-parent'], { guarded: true })).code;
  }
  return (await runNode([`${root}/${programs[name]}`, ...args], { cwd: process.cwd() })).code;
});
