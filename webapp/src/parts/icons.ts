/** The icons: 24 grid, two-pixel round strokes; `t` is the pale body, `f` a filled dot. Always shown beside a word. */

export const ICONS = {
  today: '<path class="t" d="M3 19a9 9 0 0 1 18 0z"/><path d="M2 19h20M6.5 19a5.5 5.5 0 0 1 11 0M12 9V6M5.6 11.6 3.8 9.8M18.4 11.6l1.8-1.8"/>',
  tree: '<path class="t" d="M12 3a6 6 0 0 0-5.6 4A5 5 0 0 0 8 17h8a5 5 0 0 0 1.6-10A6 6 0 0 0 12 3z"/><path d="M12 21v-9M12 15l-3-2.5M8 17a5 5 0 0 1-1.6-9.8 6 6 0 0 1 11.2 0A5 5 0 0 1 16 17"/>',
  board: '<path class="t" d="M9 5h6v15H9z"/><path d="M3 20h18M3.5 20v-8H9M9 20V5h6v15M15 9.5h5.5V20"/>',
  person: '<circle class="t" cx="12" cy="8" r="4"/><circle cx="12" cy="8" r="4"/><path d="M4.5 20.5v-1a6 6 0 0 1 6-5.5h3a6 6 0 0 1 6 5.5v1"/>',
  family: '<circle class="t" cx="8" cy="7" r="3.5"/><circle cx="8" cy="7" r="3.5"/><circle cx="17.5" cy="11" r="2.5"/><path d="M2 20v-1.5A5 5 0 0 1 7 13.5h2a5 5 0 0 1 4.5 3M13.5 20v-.5a3.5 3.5 0 0 1 3.5-3h1a3.5 3.5 0 0 1 3.5 3v.5"/>',
  care: '<path class="t" d="M12 20C6 15.5 3.5 12.5 3.5 9a4.5 4.5 0 0 1 8.5-2 4.5 4.5 0 0 1 8.5 2c0 3.5-2.5 6.5-8.5 11z"/><path d="M12 20C6 15.5 3.5 12.5 3.5 9a4.5 4.5 0 0 1 8.5-2 4.5 4.5 0 0 1 8.5 2c0 3.5-2.5 6.5-8.5 11z"/>',
  school: '<path class="t" d="M4 11h16v9H4z"/><path d="M3 20h18M4.5 20v-8.5L12 6.5l7.5 5V20M12 6.5V2.5h4.5v2H12M10 20v-4.5h4V20"/>',
  refresh: '<path d="M20 11a8 8 0 0 0-14.5-3.5L4 9.5M4 4v5.5h5.5M4 13a8 8 0 0 0 14.5 3.5l1.5-2M20 20v-5.5h-5.5"/>',
  info: '<circle class="t" cx="12" cy="12" r="9"/><circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.1"/>',
  coin: '<circle class="t" cx="12" cy="12" r="9"/><circle cx="12" cy="12" r="9"/><path d="M12 17V11M12 13.5c-2.6 0-3.6-1.7-3.6-3.7 2.3 0 3.6 1.4 3.6 3.7zM12 12c0-2 1.1-3.4 3.6-3.4 0 2-1.2 3.4-3.6 3.4z"/>',
  place: '<circle cx="12" cy="12" r="6.5"/><circle class="f" cx="12" cy="12" r="2.5"/><path d="M12 2v3.5M12 18.5V22M2 12h3.5M18.5 12H22"/>',
  list: '<path d="M9 6h11M9 12h11M9 18h11"/><circle class="f" cx="4.5" cy="6" r="1.5"/><circle class="f" cx="4.5" cy="12" r="1.5"/><circle class="f" cx="4.5" cy="18" r="1.5"/>',
  map: '<path class="t" d="M9 4l6 2.5v14L9 18z"/><path d="M3 6.5 9 4l6 2.5L21 4v13.5L15 20l-6-2.5L3 20zM9 4v13.5M15 6.5V20"/>',
  tick: '<path d="M4.5 12.5 10 18 20 6.5"/>',
  cross: '<path d="M6 6l12 12M18 6 6 18"/>',
  clock: '<circle class="t" cx="12" cy="12" r="9"/><circle cx="12" cy="12" r="9"/><path d="M12 7v5.2l3.5 2.3"/>',
  offline: '<path d="M3 3l18 18M5 12.8a10 10 0 0 1 3.5-2.2M2 9a15 15 0 0 1 4-2.5M10.5 5.2A15 15 0 0 1 22 9M15 10.7a10 10 0 0 1 4 2.1M8.5 16a5 5 0 0 1 6 0"/><circle class="f" cx="12" cy="19.5" r="1.5"/>',
  warning: '<path class="t" d="M12 3.5 22 20.5H2z"/><path d="M12 3.5 21.8 20.5H2.2zM12 10v4.5M12 17.5v.1"/>',
  eye: '<path class="t" d="M2 12s3.5-6.5 10-6.5S22 12 22 12s-3.5 6.5-10 6.5S2 12 2 12z"/><path d="M2 12s3.5-6.5 10-6.5S22 12 22 12s-3.5 6.5-10 6.5S2 12 2 12z"/><circle cx="12" cy="12" r="3"/>',
  back: '<path d="M15 5.5 8.5 12l6.5 6.5"/>',
  next: '<path d="M9 5.5 15.5 12 9 18.5"/>',
  walk: '<circle class="f" cx="13" cy="3.8" r="2.2"/><path d="M12 8.5 10.8 14l3.2 2.5V22M10.8 14 9 18l-3 3.5M12 8.5 8 10.5 6.5 14M12 8.5l2.5 3.5 3.5 1"/>',
  file: '<path class="t" d="M6 3h8l4 4v14H6z"/><path d="M14 3H6v18h12V7zM14 3v4h4M12 17v-6M9.5 13.5 12 11l2.5 2.5"/>',
  pen: '<path class="t" d="M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19z"/><path d="M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5"/>',
  down: '<path d="M5.5 9 12 15.5 18.5 9"/>',
  rise: '<path d="M12 20V5M5.5 11 12 4.5 18.5 11"/>',
  lock: '<rect class="t" x="5" y="10.5" width="14" height="10.5" rx="2.5"/><rect x="5" y="10.5" width="14" height="10.5" rx="2.5"/><path d="M8.5 10.5V7a3.5 3.5 0 0 1 7 0v3.5"/>',
  whole: '<path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"/><circle class="t" cx="12" cy="12" r="4"/>',
} as const;

export type IconName = keyof typeof ICONS;
