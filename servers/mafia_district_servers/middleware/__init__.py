"""What happens to every request, one small file each; `application` puts them in order."""
