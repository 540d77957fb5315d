"""What a merge request changes of the estate, from previews: a note, an HTML page, files of GitLab's widgets (DEL-1, CST-3, COM-1)."""
