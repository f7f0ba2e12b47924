/** What one answer may hold; see config.ts for units and defaults. */
export interface QueryLimits {
  readonly pageItems: number
  readonly pageBytes: number
  readonly points: number
  readonly series: number
  readonly warmProducts: number
  /** Queries of a pool that may run or wait at a time. */
  readonly queries: number
}
