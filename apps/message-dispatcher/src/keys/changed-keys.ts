/** The part of a directory that routes need: what they changed counts everywhere at once. */
export interface ChangedKeys {
  refresh(): Promise<void>
}
