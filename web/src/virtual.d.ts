declare module 'virtual:contract' {
  /** The root contract without its schemas; see vite.config.ts. */
  const routes: typeof import('../../server/src/contract.ts').contract;
  export default routes;
}
