import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import type { Folder } from '../../../shared/model/folder.ts';
import { PathName } from '../../components/names.tsx';
import { Notice } from '../../components/notice.tsx';
import { PlaceField } from '../../components/place-field.tsx';
import { usePlaces } from '../../store/use-places.tsx';
import { sentenceOf } from '../../text/errors.ts';
import { useFolderActions } from './use-folder-actions.ts';

/** A folder that has stopped: what was found, and an answer for each case. */
export const HaltCard = ({ folder }: { readonly folder: Folder }) => {
  const actions = useFolderActions(folder);
  const [moving, setMoving] = useState(false);
  const [path, setPath] = useState('');
  const places = usePlaces(`Where is ${folder.name} now?`, setPath);
  const sentence = sentenceOf(folder.halt?.code ?? 'folder-halted');
  const place = folder.halt?.path ?? folder.path;
  return (
    <Notice
      tone="halted"
      title={sentence.what}
      actions={
        moving ? (
          <form
            style={{ width: '100%' }}
            onSubmit={(event) => {
              event.preventDefault();
              if (path.trim() !== '') actions.movedTo(path.trim());
            }}
          >
            <PlaceField
              label="Where is it now?"
              hint="The directory that was moved, with everything in it."
              value={path}
              onChange={setPath}
              onChoose={places.choose}
            />
            <Group mt="sm" gap="xs">
              <Button type="submit" disabled={path.trim() === ''} loading={actions.busy}>
                It is there
              </Button>
              <Button variant="default" onClick={() => setMoving(false)}>
                Back
              </Button>
            </Group>
            {places.dialog}
          </form>
        ) : (
          <>
            <Button variant="default" onClick={actions.resume} loading={actions.busy}>
              It is back: look again
            </Button>
            <Button variant="default" onClick={() => setMoving(true)}>
              It moved to…
            </Button>
            <Button variant="default" onClick={actions.startOver}>
              Start over…
            </Button>
            <Button variant="default" onClick={actions.drop}>
              Stop here…
            </Button>
          </>
        )
      }
    >
      {place !== null && <PathName path={place} />}
      <div>{sentence.files} A disk that is not plugged in looks like this too.</div>
    </Notice>
  );
};
