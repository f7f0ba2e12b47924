/** Sent after a commit for every cached thing that may have changed, redelivered events too. */
export interface ChangeNotice {
  /** Ids of products that were written or deleted; the product lists change with them. */
  readonly productIds: readonly number[]
  /** Milliseconds since 1970 at the database after the commit: a fill that was loaded before it is stale. */
  readonly version: number
}
