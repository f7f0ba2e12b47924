export { findBoundaryViolations } from './lint-as.ts'
