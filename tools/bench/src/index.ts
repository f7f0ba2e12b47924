export { renderReport, type Report } from './report.ts'
export type { RowResult, Verdict } from './row-result.ts'
export { ROWS, type RowName } from './rows.ts'
export { runRow, type RunOptions } from './run-row.ts'
