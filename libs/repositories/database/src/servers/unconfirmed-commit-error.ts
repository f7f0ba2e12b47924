/**
 * A commit that an administrator cancelled while it waited for a synchronous standby: it holds on this server, and is lost if that is lost
 * now. The driver reports it as done. Neither done nor failed: work is repeated under the same ids, as after a lost answer.
 */
export class UnconfirmedCommitError extends Error {
  constructor() {
    super('The commit is on the primary, and no synchronous standby has confirmed it: the wait was cancelled')
    this.name = 'UnconfirmedCommitError'
  }
}
