/** What one answer may hold; see config.ts for units and defaults. */
export interface QueryLimits {
  readonly pageItems: number
  readonly pageBytes: number
  readonly points: number
  readonly series: number
  /** Spans of a trace. */
  readonly traceSpans: number
  readonly warmProducts: number
  /** Queries of a pool that may run or wait at a time. */
  readonly queries: number
  /** Milliseconds that a query may wait for its turn. */
  readonly queryWaitMs: number
  /** Clients that follow the logs live, and what may wait for each of them. */
  readonly tailClients: number
  readonly tailLines: number
  readonly tailBytes: number
  /** Bytes of entries that may wait for being compared with the filters of all of them. */
  readonly tailBacklogBytes: number
  /** Pages that follow the changes of products. */
  readonly changesClients: number
  /** Remote reads that may run, and what one may look at and find. */
  readonly remoteReads: number
  readonly remoteReadSamples: number
  readonly remoteReadSeries: number
  /** Milliseconds after which a search in logs answers with what it has found so far. */
  readonly searchMs: number
  /** Log entries that the first slice of a search looks at. */
  readonly searchRows: number
  /** Log entries that one export may hold. */
  readonly exportItems: number
  /** Exports that may run. */
  readonly exports: number
}
