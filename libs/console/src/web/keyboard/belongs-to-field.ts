/** Where keys have a meaning of their own. */
const FIELDS = 'input, select, textarea, [contenteditable], [role="menu"]'

/** Whether a key was meant for the control that has the focus, or for a dialog: not a shortcut then. */
export function belongsToField(event: KeyboardEvent): boolean {
  const { target, key } = event
  if (document.querySelector('dialog[open]')) return true
  if (!(target instanceof Element)) return false
  // Arrows scroll long texts.
  return target.closest(FIELDS) !== null || (key.startsWith('Arrow') && target.closest('pre') !== null)
}
