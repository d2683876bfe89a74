/**
 * Calls `onGone` when the process that started this one has ended, however it did: our input is a pipe from it.
 * Does nothing without the argument `--with-parent`: a program started by hand may have any input, or a closed one.
 */
export function watchLauncher(onGone: () => void): void {
  if (!process.argv.includes('--with-parent')) return;
  process.stdin.on('end', onGone).on('error', onGone).resume();
  process.stdin.unref();
}
