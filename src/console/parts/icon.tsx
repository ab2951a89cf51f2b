/** Pictures of one line, 20 units square. */
const PATHS = {
  accounts: 'M3 6.5h14v9H3zM7 6.5V4.2h6v2.3M3 10.5h14M9 10.5v1.6h2v-1.6',
  live: 'M10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM6 14a5.7 5.7 0 0 1 0-8M14 6a5.7 5.7 0 0 1 0 8M3.6 16.4a9 9 0 0 1 0-12.8M16.4 3.6a9 9 0 0 1 0 12.8',
  calls:
    'M4 3.5h3l1.5 3.8L6.7 8.6a9 9 0 0 0 4.7 4.7l1.3-1.8 3.8 1.5v3a1 1 0 0 1-1.1 1A13.2 13.2 0 0 1 3 4.6a1 1 0 0 1 1-1.1Z',
  numbers: 'M7.5 3.5l-1.6 13M14.1 3.5l-1.6 13M4 7.5h13M3 12.5h13',
  statistics: 'M3.5 16.5h13M5.5 16.5v-5M10 16.5v-12M14.5 16.5V8',
  settings:
    'M3.5 6h7M14.5 6h2M3.5 14h2M9.5 14h7M12.5 8.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM7.5 16.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z',
  search: 'M9 14.2A5.2 5.2 0 1 0 9 3.8a5.2 5.2 0 0 0 0 10.4ZM12.8 12.8l3.7 3.7',
  chevron: 'M6 8l4 4 4-4',
  close: 'M5 5l10 10M15 5L5 15',
  copy: 'M7.5 7.5h9v9h-9zM4.5 12.5h-1v-9h9v1',
  check: 'M4 10.5l4 4 8-9',
  retry: 'M16 10a6 6 0 1 1-1.8-4.3M16.2 3v3.4h-3.4',
  plus: 'M10 4v12M4 10h12',
  warning: 'M10 3.2 17.6 16.5H2.4ZM10 8.2v3.6M10 14v.4',
  arrow: 'M4 10h12M11.5 5.5 16 10l-4.5 4.5',
  phone: 'M5 2.8h10v14.4H5zM9 14.6h2',
  group:
    'M7 9.5a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2ZM2.5 16c.3-2.8 2-4.2 4.5-4.2s4.200 1.400 4.500 4.200M13 9.500a2.200 2.200 0 1 0 0-4.400M14 11.900c2 .2 3.200 1.500 3.500 4.100',
  inbound: 'M15.5 4.5l-9 9M6 7.500v6.500h6.500',
  outbound: 'M4.500 15.500l9-9M7.500 6h6.500v6.500',
  internal: 'M3.500 7.500h12M12.500 4.500l3 3-3 3M16.500 12.500h-12M7.500 9.500l-3 3 3 3',
  sound: 'M4 8.500v3M8 5.500v9M12 7.500v5M16 8.500v3',
  play: 'M7 4.500l8.500 5.500L7 15.500Z',
  download: 'M10 3.500v9M6.500 9l3.500 3.500L13.500 9M4 16.500h12',
} as const

/** The pictures there are. */
export type IconName = keyof typeof PATHS

/** A picture beside words that say the same, so nobody is told of it. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
)
