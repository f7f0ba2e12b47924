export { runTarget, type TargetResult } from './run-target.ts'
export { TARGETS } from './targets.ts'
export type { Target } from './target.ts'
