export { runTarget } from './run-target.ts'
export { TARGETS } from './targets.ts'
