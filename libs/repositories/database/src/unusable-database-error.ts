/** The database answers, and waiting cannot help: an administrator has to do what the message says. */
export class UnusableDatabaseError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnusableDatabaseError'
  }
}
