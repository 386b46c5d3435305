import type { ReactNode } from 'react';

export type DrawingName = 'folders' | 'devices' | 'calm' | 'versions';

const PICTURES: Readonly<Record<DrawingName, ReactNode>> = {
  folders: (
    <>
      <path d="M12 22a5 5 0 0 1 5-5h15l7 8h24a5 5 0 0 1 5 5v29a5 5 0 0 1-5 5H17a5 5 0 0 1-5-5Z" />
      <path d="M40 35v17m-8-8 8-9 8 9" />
      <path d="M76 34h18m-6-6 6 6-6 6M94 52H76m6 6-6-6 6-6" opacity=".55" />
      <path d="M102 30a4 4 0 0 1 4-4h8l5 6h15a4 4 0 0 1 4 4v22a4 4 0 0 1-4 4h-28a4 4 0 0 1-4-4Z" opacity=".55" />
    </>
  ),
  devices: (
    <>
      <rect x="12" y="26" width="46" height="30" rx="4" />
      <path d="M6 64h58" />
      <rect x="98" y="20" width="40" height="30" rx="4" opacity=".55" />
      <path d="M118 50v12m-12 2h24" opacity=".55" />
      <path d="M68 40h22" strokeDasharray="2 6" />
    </>
  ),
  calm: (
    <>
      <circle cx="75" cy="40" r="24" />
      <path d="m64 41 8 8 15-17" />
      <path d="M18 40h18m78 0h18" opacity=".55" strokeDasharray="2 6" />
    </>
  ),
  versions: (
    <>
      <rect x="60" y="14" width="40" height="48" rx="4" />
      <path d="M70 28h20m-20 10h20m-20 10h12" />
      <path d="M52 22v36a8 8 0 0 0 8 8M44 30v34a10 10 0 0 0 10 10" opacity=".55" />
    </>
  ),
};

/** A simple line drawing for an empty place; says nothing that the words beside it do not. */
export const Drawing = ({ name }: { readonly name: DrawingName }) => (
  <svg
    width="150"
    height="80"
    viewBox="0 0 150 80"
    fill="none"
    stroke="currentColor"
    strokeWidth="2.5"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    {PICTURES[name]}
  </svg>
);
