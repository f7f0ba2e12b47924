import type { PeerOf, Release } from '@runnel/http'
import type { Database, RunQuery } from '@runnel/repositories-database'

/** What routes need that send a whole list as a file. */
export interface ExportRouteOptions {
  readonly database: Database
  readonly runQuery: RunQuery
  readonly pageBytes: number
  /** Takes one of the permits of exports. @throws AppError where none is left */
  readonly takeExport: (request: Parameters<PeerOf>[0]) => Release
}

/** Rows that an export reads at a time. */
export const EXPORT_PAGE_ROWS = 1000
