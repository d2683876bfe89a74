/** Something the operator must put right before Karavan can start; the message is one sentence that says what and how. */
export class StartError extends Error {
  override name = 'StartError';
}
