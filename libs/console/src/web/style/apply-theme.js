// Runs before anything is drawn, so that no page shows the other theme first. theme.ts writes what this reads.
try {
  const theme = localStorage.getItem('runnel.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Without storage the theme of the system holds.
}
