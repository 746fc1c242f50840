"""The maker of the sample: truth first, then what each system holds of it."""
