import preset from '../../jest.preset.js'

// Scenarios wait most of the time, for outages, leases and mailings: two at once, also on two processors.
export default { ...preset, displayName: 'faults', maxWorkers: 2 }
